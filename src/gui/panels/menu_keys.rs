//! The keys of the menu bar: F10 opens its first menu, Alt with a menu's first letter that menu; in a menu that is open,
//! left and right on its name lead to the ones beside it. On macOS the Alt key types letters, and F10 alone is left.
//!
//! egui goes through an open menu by the arrow keys itself; this brings the keyboard to a menu's first line.

use egui::text::LayoutJob;
use egui::{Context, Event, FocusDirection, Id, Key, Popup, Response, TextFormat, Ui, WidgetText};

use super::{put_back, take_out};
use crate::gui::command::Group;

/// What keys asked of the menu bar in this pass.
pub struct MenuKeys {
    asked: Option<Group>,
    /// How many menus to the right, counted around.
    turned: Option<usize>,
    entering: Option<Entering>,
    alt: bool,
}

/// A menu was opened by key: its first line takes the keyboard once it is laid out.
#[derive(Clone, Copy)]
struct Entering {
    button: Id,
    passes: u8,
}

impl MenuKeys {
    /// Reads the keys; to be called before the menus are laid out.
    pub fn read(ui: &Ui) -> Self {
        let ctx = ui.ctx();
        let asked = take_out::<Option<Group>>(ctx, kept("beside"));
        let entering = take_out::<Option<Entering>>(ctx, kept("entering"));
        let (pressed, alt) = ctx.input(|input| {
            let pressed = input.events.iter().filter_map(|event| match event {
                Event::Key { key, physical_key, pressed: true, modifiers, .. } => {
                    Some((*key, *physical_key, *modifiers))
                }
                _ => None,
            });
            (pressed.collect::<Vec<_>>(), input.modifiers.alt && !input.modifiers.ctrl && has_letters())
        });
        let mut keys = Self { asked, turned: None, entering: None, alt };
        for (key, physical, modifiers) in pressed {
            match key {
                Key::F10 if modifiers.is_none() => keys.asked = Some(Group::ALL[0]),
                Key::ArrowLeft if modifiers.is_none() => keys.turned = Some(Group::ALL.len() - 1),
                Key::ArrowRight if modifiers.is_none() => keys.turned = Some(1),
                _ if has_letters() && modifiers.matches_exact(egui::Modifiers::ALT) => {
                    let of = |key: Key| Group::ALL.into_iter().find(|group| group.name().starts_with(key.name()));
                    keys.asked = of(key).or(physical.and_then(of)).or(keys.asked);
                }
                _ => {}
            }
        }
        keys.enter(ctx, entering);
        keys
    }

    /// Moves the keyboard from a menu's name to its first line, once egui has laid that out.
    fn enter(&mut self, ctx: &Context, entering: Option<Entering>) {
        let Some(Entering { button, passes }) = entering else { return };
        if ctx.memory(egui::Memory::focused) != Some(button) {
            return;
        }
        ctx.request_repaint();
        match passes.checked_sub(1) {
            Some(passes) => self.entering = Some(Entering { button, passes }),
            None => ctx.memory_mut(|memory| memory.move_focus(FocusDirection::Down)),
        }
    }

    /// A menu's name, its letter underlined while Alt is held.
    pub fn title(&self, ui: &Ui, group: Group) -> WidgetText {
        if !self.alt {
            return group.name().into();
        }
        let font = egui::TextStyle::Button.resolve(ui.style());
        let color = ui.visuals().text_color();
        let (first, rest) = group.name().split_at(1);
        let plain = TextFormat::simple(font, color);
        let mut job = LayoutJob::default();
        job.append(first, 0.0, TextFormat { underline: egui::Stroke::new(1.0, color), ..plain.clone() });
        job.append(rest, 0.0, plain);
        job.into()
    }

    /// Opens a menu that was asked for; to be called with each menu's button, and whether the menu is open.
    pub fn follow(&mut self, group: Group, button: &Response, open: bool) {
        if self.asked == Some(group) {
            button.request_focus();
            Popup::open_id(&button.ctx, Popup::default_response_id(button));
            self.entering = Some(Entering { button: button.id, passes: 2 });
            button.ctx.request_repaint();
        } else if let Some(turned) = self.turned.filter(|_| open && button.has_focus()) {
            let (count, at) = (Group::ALL.len(), Group::ALL.iter().position(|it| *it == group).unwrap_or(0));
            let beside = Group::ALL[(at + turned) % count];
            button.ctx.memory_mut(|memory| memory.move_focus(FocusDirection::None));
            put_back(&button.ctx, kept("beside"), Some(beside));
            button.ctx.request_repaint();
        }
    }

    /// Keeps for the next pass what is not done yet.
    pub fn keep(self, ctx: &Context) {
        put_back(ctx, kept("entering"), self.entering);
    }
}

fn kept(what: &str) -> Id {
    Id::unique(("menu keys", what))
}

/// Whether Alt and a letter are free to open a menu.
const fn has_letters() -> bool {
    !cfg!(target_os = "macos")
}
